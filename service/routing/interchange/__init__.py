"""Rules for others: tables as DMN, there and back, and a book of rules; it changes no rule and stores nothing."""
