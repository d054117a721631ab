print("jadevectordb")
