"""The door for everybody: publicity lists in force, objections, answers. Without sign-in, masked."""
