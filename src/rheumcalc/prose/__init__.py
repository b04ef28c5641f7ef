"""Read prose: one lexicon, one cut into tokens and sentences, one table of constructions, the best cover of them."""
