"""The talk under load: members by a program in C (load.c) on one core, the server on the other."""
