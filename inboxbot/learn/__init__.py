"""The second corridor: labelled letters → pile → candidate → report → promote or keep, and why."""
