"""Where the rows of the datasets come from: each function makes the rows of one dataset for one period."""
