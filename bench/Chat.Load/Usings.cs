global using ErlChat.Load.Drivers;
global using ErlChat.Load.Measures;
global using ErlChat.Load.Net;
global using ErlChat.Load.Reports;
global using ErlChat.Load.Servers;
global using ErlChat.Load.Wire;
global using ErlChat.Testing;
