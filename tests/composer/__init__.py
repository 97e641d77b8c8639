"""The real Composer client before the real nginx, the real app and a real release."""
