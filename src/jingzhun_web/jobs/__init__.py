"""Long work in the background: started by somebody, done in their scope, its progress shown while it runs."""
