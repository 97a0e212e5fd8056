"""Stories a coordinator would recognise, through a door, end to end."""
