"""The second pair of eyes: rows, sums and tables written down again from the contract, apart from `formulate`."""
