"""Bind what a draft says to the records of its studies: which study a section is about, and which value a claim is of.

Equal numbers alone bind nothing. A study is bound by a key that names it, or by authors, year and title that fit one
record only; less is a proposal. A claim is bound to a value of the record by its outcome's words, its arm and its
timepoint, and only where they leave one.
"""

from rheumcalc.binding.records import Record, agree, conflicting
from rheumcalc.binding.studies import Binding, Comparison, Library, Named
from rheumcalc.binding.values import Status, hedge_fits

__all__ = ["Binding", "Comparison", "Library", "Named", "Record", "Status", "agree", "conflicting", "hedge_fits"]
