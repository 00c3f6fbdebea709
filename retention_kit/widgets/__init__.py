"""What a reader moves: labs, quizzes and predictions that answer in the browser, with a kernel or without one."""

from retention_kit.widgets.lab import Lab
from retention_kit.widgets.prediction import Prediction
from retention_kit.widgets.quiz import Quiz

__all__ = ["Lab", "Prediction", "Quiz"]
