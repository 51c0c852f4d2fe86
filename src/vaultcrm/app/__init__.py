"""Joins the floors for every door: what a run reads, computes, writes, and leaves for the next one.

`runs` is what doors call. It goes by `computing` (refreshed or loaded), `outputs` and `upkeep`; what is left
for the next run stands in `ledger`, `since` and `memory`. This module must not import any of them: commands
load what they need.
"""
