"""What follows from the notes for a day: pure rules over records and policy, each with its evidence."""
