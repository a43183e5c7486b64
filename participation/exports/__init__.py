"""Files that leave the house: the strategy input as workbook, paper and data."""
