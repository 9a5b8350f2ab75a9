"""The attacks of `cases/`, graded by nbgrader, by Otter and by us: what does each of them get?"""
