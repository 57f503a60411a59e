from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "fitfriends.demo"
    label = "demo"
