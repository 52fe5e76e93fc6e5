"""The whole job over a workspace: check, identify, evaluate, report. Holds no rule of its own."""
