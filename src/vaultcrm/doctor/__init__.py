"""Looks at everything that vaultcrm depends on, and says what is not as it should be: a door.

What is found are values; how they are worded stands in the labels. Nothing is changed by looking. This
package must not compute anything about clients.
"""

from vaultcrm.doctor.findings import Found, State
from vaultcrm.doctor.looking import Asked, examine

__all__ = ["Asked", "Found", "State", "examine"]
