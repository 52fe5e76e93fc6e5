"""Operations, topic by topic: each one call of a service or a selector."""
