"""Use cases about what people establish in a case: assessments, absences, guardians and other steps of its tracks."""
