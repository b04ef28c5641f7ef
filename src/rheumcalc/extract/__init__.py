"""Read results and sample sizes in prose, unjudged."""

from rheumcalc.extract.mentions import Antecedent, Mention
from rheumcalc.extract.results import find_results
from rheumcalc.extract.samples import SampleSize, find_sample_sizes

__all__ = ["Antecedent", "Mention", "SampleSize", "find_results", "find_sample_sizes"]
