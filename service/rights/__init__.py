"""What a person was told about rights in a case, by whom and in which language; it knows no report and no consent."""
