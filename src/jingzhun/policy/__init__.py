"""Policy packs: dated parameters, profiles and checks as data, and the expressions they are written in."""
