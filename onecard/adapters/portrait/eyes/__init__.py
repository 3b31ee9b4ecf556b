"""眼睛: looks for the face in a picture and says where it is; engines behind one interface."""
