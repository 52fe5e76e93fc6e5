"""The door for people at work: pages for officers, cadres, analysts and auditors."""
