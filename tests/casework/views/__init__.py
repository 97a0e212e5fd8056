"""Views keep what they show in step with what they are made from."""
