"""x"""
def by_the_clock(): ...
def ask_about_payments(): return 0
def give_back(): return 0
def look_for_credits(): return 0
