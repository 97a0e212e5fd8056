"""What a person must do is put on a desk, once, and leaves it when it is done or nobody needs it."""
