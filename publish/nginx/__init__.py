"""nginx's configuration, and nginx and the app as processes in the foreground."""
