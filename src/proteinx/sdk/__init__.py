"""What notebooks and MLflow users call beside MLflow itself; `import proteinx` gives its names lazily."""
