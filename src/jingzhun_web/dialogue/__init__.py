"""Between people and office: cases with their steps, publicity lists, objections and their answers."""
