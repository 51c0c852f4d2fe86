"""From bytes to records: notes taken apart, values read, links resolved; problems travel beside values."""
