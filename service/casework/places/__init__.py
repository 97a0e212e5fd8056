"""Partners say what places they have; whoever places asks around, holds one, and keeps who comes and goes."""
