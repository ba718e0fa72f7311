"""Fields that lead from one source to another, made from what a configuration says."""
