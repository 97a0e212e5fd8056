"""Partners say what places they have, coordinators ask around and hold one; nobody is told for whom."""
