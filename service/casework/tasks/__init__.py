"""What a person must do is put on a desk."""
