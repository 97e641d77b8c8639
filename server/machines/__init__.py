"""What scripts, Composer, mirrors, feed readers and monitors ask for."""
