"""Runs the whole of FitFriendsClubs on one machine: the demo, and the stack of the end-to-end tests."""
