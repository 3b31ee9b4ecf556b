"""A storm over the top-up: torn cards, lost answers, dying servers, lying phones, on the real acts.

Every order runs through the very acts that serve people, on a database of its own, with simulated
cards that remember every commit. At the end the cards say what was credited and the books say what
was closed; the two must agree to the fen. The same seed gives the same storm, line by line.
"""
