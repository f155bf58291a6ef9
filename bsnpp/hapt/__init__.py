"""Real recordings: UCI data set 341 (HAPT), read from its zip and written in the public layouts."""
