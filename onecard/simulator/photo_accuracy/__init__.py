"""How often the photo gate is right: counted on real portraits and on defects put into them.

Everything here runs in this process, on a set of the house's own; no photo of anybody else.
"""

from onecard.simulator.photo_accuracy.counting import Counted, counted
from onecard.simulator.photo_accuracy.paper import paper

__all__ = ["Counted", "counted", "paper"]
