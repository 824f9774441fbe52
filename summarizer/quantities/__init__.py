"""Number, money, percentage, duration and date expressions of Chinese and English text."""
