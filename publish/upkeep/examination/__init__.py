"""What `doctor` looks at, a thing a module: each tells its faults and mends the safe ones."""
