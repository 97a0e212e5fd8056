"""What is due when: clocks are set by decisions and by other acts, shown, stopped and met."""
