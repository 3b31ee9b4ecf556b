"""Purse keys in a PKCS#11 token: master keys never leave it, neither do the keys of cards.

    place      where the token is, and how it is opened
    module     the vendor's library, loaded so that threads may share it
    token      a pool of logged-in sessions; whatever goes wrong there is "custody unavailable"
    keys       what is done with handles: derive, MAC, check value; and how keys are named
    vault      the `Vault` of the purse verbs over such handles, destroyed when a verb is done
    desk       what a key ceremony does to the token
    wrapping   the data keys of sealed records under a key of the token

Card reference 14.2 says which tricks SoftHSM 2.6 needs. One thing no PKCS#11 token can do: make the
key of a TAC, which is one secret half XOR the other. `TacWay` says which of two ways out is taken.
"""

from onecard.adapters.purse_keys.pkcs11.desk import TokenDesk
from onecard.adapters.purse_keys.pkcs11.place import TacWay, TokenPlace
from onecard.adapters.purse_keys.pkcs11.vault import Pkcs11PurseKeys
from onecard.adapters.purse_keys.pkcs11.wrapping import TokenWrap

__all__ = ["Pkcs11PurseKeys", "TacWay", "TokenDesk", "TokenPlace", "TokenWrap"]
