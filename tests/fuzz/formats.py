"""All formats of files by name."""

from tests.fuzz.chain import CHAIN
from tests.fuzz.users import USERS

FORMATS = {**USERS, **CHAIN}
