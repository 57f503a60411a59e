"""How somebody is told: in the app and by e-mail; preferences."""
