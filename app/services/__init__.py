"""What writes: one verb a function, the caller's transaction around it.

Services take the typed rows of `app.imports`; the imports know nothing of services.
"""
