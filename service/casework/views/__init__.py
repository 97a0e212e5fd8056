"""What use cases hand to every door: frozen shapes, the same in an HTTP answer and behind a command's --json."""
