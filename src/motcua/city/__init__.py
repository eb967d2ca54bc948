"""The face for leadership and the public: the city's live figures."""
