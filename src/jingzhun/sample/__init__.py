"""An invented Gansu, calibrated on published figures, with its truth kept apart."""
